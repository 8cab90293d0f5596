# A clock five years back
08:00 枫源村 notes the case 排水沟
08:05 枫源村 sends 排水沟 up
09:00 The clock of 枫源村 goes back five years
// The number begins with the year that the clock says; nothing else hangs on it.
09:05 枫源村 notes the case 地界
09:10 枫源村 sends 地界 up
10:00 青河镇 opens 地界
10:05 青河镇 advises on 地界: 请丈量
11:00 枫源村 looks at 地界
