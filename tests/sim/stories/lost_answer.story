# A power cut between the commit and the answer
08:00 枫源村 notes the case 排水沟
// Nobody is told that the release was saved. It was, and it comes to the township.
08:05 枫源村 sends 排水沟 up
08:10 枫源村 notes the case 地界
08:15 The power of 枫源村 will go between a commit and its answer
08:15 枫源村 writes the wish of 地界: 按旧界石
08:20 枫源村 looks at 地界
