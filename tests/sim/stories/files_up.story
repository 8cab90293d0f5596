# A file goes up with the record that names it, piece by piece, and is erased with it
08:00 枫源村 notes the case 排水沟
08:05 枫源村 adds to 排水沟 the file 现场.txt of 150 KiB
08:06 枫源村 adds to 排水沟 the private file 家事.txt
08:10 The line of 枫源村 carries a kilobyte a second
08:15 枫源村 sends 排水沟 up with the file 现场.txt
08:17 青河镇 looks at the files of 排水沟
08:17 青河镇 reads of 排水沟 the file 现场.txt
08:17 The power of 枫源村 goes
08:30 青河镇 looks at the files of 排水沟
09:00 The line of 枫源村 is quick again
09:00 The power of 枫源村 comes back
09:30 青河镇 opens 排水沟
09:35 青河镇 looks at the files of 排水沟
09:40 青河镇 reads of 排水沟 the file 现场.txt
09:45 青河镇 reads of 排水沟 the file 家事.txt
09:50 枫源村 looks at the files of 排水沟
10:00 枫源村 recalls 排水沟: 当事人撤回同意
10:30 青河镇 looks at the files of 排水沟
10:35 青河镇 reads of 排水沟 the file 现场.txt
10:40 枫源村 looks at what was recalled
// The case stays, and so does its own copy.
10:45 枫源村 reads of 排水沟 the file 现场.txt
10:50 枫源村 reads of 排水沟 the file 家事.txt
