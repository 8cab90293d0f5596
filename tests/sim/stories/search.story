# Somebody looks for a word, and finds what is theirs to see
08:00 枫源村 notes the case 排水沟
08:05 枫源村 notes the case 地界
08:10 枫源村 looks for 沟
08:15 枫源村 looks for 2026-0002
08:20 枫源村 looks for 水井
// The township sees what was sent, and nothing of the case.
08:30 青河镇 looks for 沟
08:35 枫源村 writes the wish of 排水沟: 先清石桥一段
08:40 枫源村 sends 排水沟 up
09:00 青河镇 looks for 沟
09:05 青河镇 looks for 石桥
09:10 枫源村 looks for 石桥
// What a case once said belongs to its history, and is still found there.
09:20 枫源村 writes the wish of 排水沟: 先清东段
09:25 枫源村 looks for 石桥
09:30 枫源村 recalls 排水沟: 已自行疏通
10:00 青河镇 looks for 沟
