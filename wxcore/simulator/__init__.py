"""A WeChat that you can run: real HTTP, its own memory, no database, no Django, no account, no internet.

    app       the server: connections, and which door a request goes through
    http      HTTP/1.1 on a socket
    routes/   WeChat's paths, one resource a file
    control/  `/_sim/`: what a test or a person does to this world
    site      uploaded pictures, and the pages of articles
    world     everything that is remembered; accounts with followers, tags, tokens, media and
              drafts; jobs, publications and pushes; the files

It imports nothing of ours but `wxcore.wechat.crypto`. See docs/simulator.md.
"""
