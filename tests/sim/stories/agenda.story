# A township meets, and sees at the next meeting what is still open
08:00 枫源村 notes the case 水渠
08:10 枫源村 sends 水渠 up
08:30 青河镇 looks at its agenda
08:35 青河镇 meets on 2026-11-27
08:40 In its meeting 青河镇 gives 水渠 to 水利站: 现场查看
08:45 青河镇 looks at its agenda
09:00 青河镇 opens 水渠
09:10 青河镇 returns 水渠: 村里能办
// It has been answered, and the task is not done.
09:20 青河镇 looks at its agenda
