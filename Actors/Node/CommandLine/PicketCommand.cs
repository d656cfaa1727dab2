using System.CommandLine;
using System.CommandLine.Parsing;
using Picket.Hocon;

namespace Picket.Node.CommandLine;

/// <summary>The command line's root: parses, runs one command, turns what users did wrong into one clear line.</summary>
internal static class PicketCommand
{
    /// <summary>Runs <paramref name="args"/> and returns the exit status.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        Console.SetError(new PatientWriter(Console.Error));
        var root = new RootCommand("Picket watches a host, keeps the context of every process, detects, and writes ECS alerts.");
        root.Add(RunCommand.Create());
        root.Add(StatusCommand.Create());
        root.Add(ReloadCommand.Create());
        root.Add(ReplayCommand.Create());
        root.Add(RulesCommand.Create());
        root.Add(ConfigCommand.Create());
        root.Add(DemoCommand.Create());
        root.Add(BenchCommand.Create());
        root.Add(VersionCommand.Create());
        foreach (var option in root.Options.OfType<VersionOption>()) option.Action = new VersionAction();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"picket: {error.Message}");
            await Console.Error.WriteLineAsync($"picket: see 'picket {NameOf(parsed)}--help'");
            return ExitCodes.Usage;
        }

        try
        {
            // The parser's own handling of signals would end a run two seconds after the first one, drained or not.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (ConfigException e)
        {
            await Console.Error.WriteLineAsync($"picket: {e.Message}");
            return ExitCodes.Usage;
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync($"picket: {e.Message}");
            return ExitCodes.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk, a file that vanished or that this user may not read: no command can go on without it.
            await Console.Error.WriteLineAsync($"picket: {e.Message}");
            return ExitCodes.Usage;
        }
        catch (MissingPartException e)
        {
            await Console.Error.WriteLineAsync($"picket: {e.Message}");
            return ExitCodes.Missing;
        }
    }

    /// <summary>The words that lead to the command, each with a space behind it.</summary>
    private static string NameOf(ParseResult parsed)
    {
        var name = "";
        for (var at = parsed.CommandResult; at is { Command: not RootCommand }; at = at.Parent as CommandResult)
            name = $"{at.Command.Name} {name}";
        return name;
    }
}
