# The power goes while an escalation is being written
08:00 枫源村 notes the case 排水沟
08:05 The power of 枫源村 will go inside a write, after 3 steps of the disk
08:05 枫源村 sends 排水沟 up
// Nobody was told anything, so it is done again.
08:10 枫源村 looks at 排水沟
08:15 枫源村 sends 排水沟 up
08:30 青河镇 looks at 排水沟
