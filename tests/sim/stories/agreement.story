# An agreement by village rules, as they stood
08:00 枫源村 notes the case 田埂
08:10 In 枫源村 one party of 田埂 agrees alone: 各让半米
08:15 In 枫源村 the parties of 田埂 agree by 第三条: 各让半米
08:20 枫源村 writes version 2026年版 of its rules, 第三条: 田埂以村里测量为准
08:30 In 枫源村 the parties of 田埂 agree by 第九条: 各让半米
08:35 In 枫源村 the parties of 田埂 agree by 第三条: 各让半米
08:40 枫源村 prints the agreement of 田埂 and reads 各让半米
09:00 枫源村 writes version 2027年版 of its rules, 第三条: 田埂以镇里测量为准
// What was agreed on stays what it was.
09:05 枫源村 prints the agreement of 田埂 and reads 测量为准
09:10 In 枫源村 the parties of 田埂 agree by 第三条: 重新测量
09:15 枫源村 prints the agreement of 田埂 and reads 测量为准
