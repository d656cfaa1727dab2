using Picket.Node.CommandLine;

return await PicketCommand.RunAsync(args);
