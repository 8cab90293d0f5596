# Danger to life: the mediator sends it, the steward answers for it
08:00 枫源村 adds a mediator
08:05 枫源村 notes the case 家暴
08:10 The mediator of 枫源村 sends 家暴 up at once: 有人持刀
08:11 The mediator of 枫源村 sees danger to life in 家暴: 扬言杀人
08:12 The mediator of 枫源村 sends 家暴 up at once: 有人持刀
08:20 青河镇 opens 家暴
08:21 青河镇 looks at 家暴
08:25 青河镇 decides 家暴: 派出所已出警
08:30 枫源村 looks at what waits for its steward's word
08:35 The mediator of 枫源村 confirms what was sent of 家暴
09:00 枫源村 confirms what was sent of 家暴: 核实过
09:05 枫源村 looks at what waits for its steward's word
09:10 枫源村 confirms what was sent of 家暴: 再说一次
// Where it was none, it is called back.
10:00 枫源村 notes the case 口角
10:05 The mediator of 枫源村 sees danger to life in 口角: 听说有刀
10:06 The mediator of 枫源村 sends 口角 up at once: 听说有刀
11:00 枫源村 recalls 口角: 并无危险
11:05 枫源村 looks at what waits for its steward's word
