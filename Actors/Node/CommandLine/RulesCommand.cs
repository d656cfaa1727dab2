using System.CommandLine;

namespace Picket.Node.CommandLine;

internal static class RulesCommand
{
    public static Command Create() => new("rules", "Looks at rules.");
}
