using BlueGreen.Bench.Alarms;

return await AlarmsCommand.Create().Parse(args).InvokeAsync();
