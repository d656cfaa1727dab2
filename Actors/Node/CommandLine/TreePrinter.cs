using System.Text;
using Picket.Actors;

namespace Picket.Node.CommandLine;

/// <summary>Prints the actors as a tree. Processes are many and alike: they are counted in one line.</summary>
internal static class TreePrinter
{
    public static string Print(ActorSystem system)
    {
        var text = new StringBuilder();
        var processes = 0;
        foreach (var entry in system.Tree())
        {
            var path = entry.Path.Elements;
            if (path.Count < 2 || path[0] != "user") continue;
            if (entry.Path.Name.StartsWith("p-", StringComparison.Ordinal) && path[^2] == "context")
            {
                processes++;
                continue;
            }

            Flush();
            text.Append(' ', 2 * (path.Count - 2)).Append('/').AppendLine(entry.Path.Name);
        }

        Flush();
        return text.ToString();

        void Flush()
        {
            if (processes > 0) text.AppendLine($"    /p-PID-START ({processes} processes)");
            processes = 0;
        }
    }
}
