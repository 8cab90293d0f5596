# A case goes up a second time
08:00 枫源村 notes the case 排水沟
08:05 枫源村 sends 排水沟 up
09:00 青河镇 opens 排水沟
09:05 青河镇 returns 排水沟: 请先调解一次
day 2 09:00 枫源村 writes the wish of 排水沟: 重修
day 2 09:10 枫源村 sends 排水沟 up
day 2 10:00 青河镇 opens 排水沟
day 2 10:05 青河镇 decides 排水沟: 镇里出料，两村出工
