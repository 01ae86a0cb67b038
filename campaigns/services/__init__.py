"""The verbs of a campaign.

    before review   create, save_draft, delete_draft, duplicate, split, fingerprint, problems, check
    review          submit, approve, reject, take_back
    time            schedule, send, reschedule, unschedule, start
    under way       pause, resume, cancel, give_up
    by itself       resume_if_due, pause_if_it_keeps_failing, wait_for_quota, ask_a_person
    outcome         record_result, match_results, resolve, settle

Each is one transaction, writes a line into the campaign's history, and raises an OperatorError instead of doing half.
What a page asks before it offers a verb: require, check_split, check_pause, check_cancel.
"""

from campaigns.services.common import (
    AccountInactive,
    ChangedMeanwhile,
    NoRight,
    account_problems,
    check,
    fingerprint,
    is_left,
    problems,
    require,
)
from campaigns.services.editing import EDITABLE, create, delete_draft, duplicate, name_of_copy, save_draft
from campaigns.services.outcomes import (
    ENDED,
    OPEN,
    OutcomeUnknown,
    ResultRejected,
    in_doubt,
    match_results,
    record_result,
    resolve,
    settle,
)
from campaigns.services.review import (
    ApprovalVoid,
    NotApproved,
    OwnCampaign,
    ReasonMissing,
    Rejected,
    approve,
    is_approval_current,
    reject,
    submit,
    take_back,
)
from campaigns.services.running import (
    NothingToStop,
    cancel,
    check_cancel,
    check_pause,
    give_up,
    pause,
    resume,
    resume_if_due,
)
from campaigns.services.scheduling import (
    AlreadyStarting,
    HeadCountDiffers,
    MovedMeanwhile,
    ScheduleMissed,
    TimeHasPassed,
    TooFarAhead,
    check_time,
    may_send_alone,
    reschedule,
    schedule,
    send,
    start,
    unschedule,
)
from campaigns.services.splitting import AlreadySplit, WrongShares, check_split, split
from campaigns.services.stopping import (
    PERMANENT_FAILURES,
    Interrupted,
    KeepsFailing,
    WaitsForQuota,
    ask_a_person,
    pause_if_interrupted,
    pause_if_it_keeps_failing,
    wait_for_quota,
)

__all__ = [
    "EDITABLE",
    "ENDED",
    "OPEN",
    "PERMANENT_FAILURES",
    "AccountInactive",
    "AlreadySplit",
    "AlreadyStarting",
    "ApprovalVoid",
    "ChangedMeanwhile",
    "HeadCountDiffers",
    "Interrupted",
    "KeepsFailing",
    "MovedMeanwhile",
    "NoRight",
    "NotApproved",
    "NothingToStop",
    "OutcomeUnknown",
    "OwnCampaign",
    "ReasonMissing",
    "Rejected",
    "ResultRejected",
    "ScheduleMissed",
    "TimeHasPassed",
    "TooFarAhead",
    "WaitsForQuota",
    "WrongShares",
    "account_problems",
    "approve",
    "ask_a_person",
    "cancel",
    "check",
    "check_cancel",
    "check_pause",
    "check_split",
    "check_time",
    "create",
    "delete_draft",
    "duplicate",
    "fingerprint",
    "give_up",
    "in_doubt",
    "is_approval_current",
    "is_left",
    "match_results",
    "may_send_alone",
    "name_of_copy",
    "pause",
    "pause_if_interrupted",
    "pause_if_it_keeps_failing",
    "problems",
    "record_result",
    "reject",
    "require",
    "reschedule",
    "resolve",
    "resume",
    "resume_if_due",
    "save_draft",
    "schedule",
    "send",
    "settle",
    "split",
    "start",
    "submit",
    "take_back",
    "unschedule",
    "wait_for_quota",
]
