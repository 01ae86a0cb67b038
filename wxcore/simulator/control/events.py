"""Time, mass jobs, faults, pushes and traces, through the control plane."""

from __future__ import annotations

from typing import Any

from wxcore.simulator.control.doors import account_of, door, newest, whole, window
from wxcore.simulator.errors import ControlError
from wxcore.simulator.jobs import Job, Outcome, recipients
from wxcore.simulator.world import DEFAULTS, World

LONGEST_AGO = 365  # days


@door("POST", "/clock")
def advance(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let time pass; returns when everything that became due has happened."""
    world.scheduler.advance(float(given["advance"]))
    return {"now": world.clock.now(), "offset": world.clock.offset}


@door("POST", "/settings")
def change_settings(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Change how the world behaves."""
    for name in given:
        if name not in DEFAULTS:
            raise ControlError(f"there is no setting {name}; there are {', '.join(DEFAULTS)}")
    world.settings.update({name: max(0.0, float(value)) for name, value in given.items()})
    return dict(world.settings)


@door("GET", "/faults")
def faults(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The faults that wait."""
    return {"faults": world.faults.all()}


@door("POST", "/faults")
def add_fault(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Queue a fault for the next calls of a path."""
    world.faults.add(given)
    return {"faults": world.faults.all()}


@door("DELETE", "/faults")
def clear_faults(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let everything go well again."""
    world.faults.clear()
    return {"faults": []}


@door("GET", "/pushes")
def pushes(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The delivery log, oldest first; `limit` leaves the newest."""
    shown = [push for push in world.pushes.all() if given.get("appid") in (None, "", push["appid"])]
    return {"pushes": newest(shown, given)}


@door("POST", "/pushes")
def plan_pushes(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Plan something for the next pushes."""
    world.pushes.plan(given)
    return {}


@door("POST", "/outcomes")
def plan_outcome(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Plan what becomes of the next job."""
    world.jobs.outcomes.append(Outcome(**given))
    return {"waiting": len(world.jobs.outcomes)}


@door("GET", "/jobs")
def list_jobs(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The ledger, oldest first; `limit` leaves the newest."""
    return {"jobs": [job.summary() for job in newest(world.jobs.of(given.get("appid") or None), given)]}


@door("GET", "/jobs/<msg_id>")
def one_job(world: World, given: dict[str, Any], msg_id: str) -> dict[str, Any]:
    """One line of the ledger."""
    return _job(world, msg_id).summary()


@door("GET", "/jobs/<msg_id>/recipients")
def list_recipients(world: World, given: dict[str, Any], msg_id: str) -> dict[str, Any]:
    """Who got a job."""
    job = _job(world, msg_id)
    offset, limit = window(given)
    account = account_of(world, {"appid": job.appid})
    return {
        "total": job.sent or 0,
        "openids": account.followers.openids.encode(recipients(job, offset=offset, limit=limit)),
    }


@door("POST", "/jobs/<msg_id>/confirm")
def confirm(world: World, given: dict[str, Any], msg_id: str) -> dict[str, Any]:
    """The administrator agrees to a job that waits, or does not."""
    job = _job(world, msg_id)
    world.confirm(job, agree=bool(given.get("agree", True)))
    return job.summary()


@door("POST", "/jobs/<msg_id>/backdate")
def backdate(world: World, given: dict[str, Any], msg_id: str) -> dict[str, Any]:
    """A delivered job was sent days ago, so that its statistics are there."""
    job = _job(world, msg_id)
    if job.finished is None:
        raise ControlError("this job is not delivered yet", 409)
    days = whole(given.get("days"), "days")
    if days > LONGEST_AGO:
        raise ControlError(f"days is at most {LONGEST_AGO}")
    job.backdate(days)
    return job.summary()


@door("GET", "/calls")
def calls(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """How often each path was called, and the recent calls."""
    return {"counts": dict(world.calls), "recent": list(world.recent_calls)}


def _job(world: World, msg_id: str) -> Job:
    job = world.jobs.get(int(msg_id))
    if job is None:
        raise ControlError("no such job", 404)
    return job
