using Picket.Node.CommandLine;
using Picket.Node.Guard;

// Before anything else is loaded: a guard is small, and of no use to people, so that help does not name it.
return args is [GuardProgram.Verb] ? GuardProgram.Run() : await PicketCommand.RunAsync(args);
