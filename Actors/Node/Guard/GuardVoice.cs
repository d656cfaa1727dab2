using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Alerts.Sinks;
using Picket.Node.CommandLine;
using Picket.Node.Hosting;

namespace Picket.Node.Guard;

/// <summary>
/// Writes what the guard has to say where the node writes its alerts, in the same form. The file is opened by its name for each alert,
/// since the node may have rotated it, and closed again, since a successor owns it.
/// </summary>
internal sealed class GuardVoice
{
    private const uint OwnerOnly = 0b110_000_000, GroupToo = 0b110_100_000;

    private readonly GuardSetup _setup;
    private readonly AlertBuilder _builder;

    public GuardVoice(GuardSetup setup, TimeProvider time)
    {
        _setup = setup;
        _builder = new AlertBuilder(new AlertOptions
        {
            Host = HostFactsReader.Read(setup.Name),
            AgentVersion = VersionCommand.Version,
            AgentName = setup.Name,
        }, time);

        // What speaking takes is in memory from now on: the program's files may be gone when it comes to it.
        _builder.Build(GuardNotices.Ended(setup.Pid, time.GetUtcNow(), ""));
    }

    /// <summary>Says it: in the file, on the console where the node prints, and on standard error where the file takes nothing.</summary>
    public void Say(Notice notice)
    {
        var alert = _builder.Build(notice);
        var line = new byte[alert.Line.Length + 1];
        alert.Line.Span.CopyTo(line);
        line[^1] = (byte)'\n';
        var refused = _setup.AlertFile is { } path && Append(path, line) is > 0 and var error
            ? $"{path} cannot be written to (error {error}): " : _setup is { AlertFile: null, Console: false } ? "" : null;
        if (refused is not null) new PatientWriter(Console.Error).WriteLine($"picket: {refused}{alert.Text}");
        if (!_setup.Console) return;
        var output = new PatientWriter(Console.Out);
        output.WriteLine(ConsoleSink.Format(alert.Level, alert.TimeNs, alert.Text, !Console.IsOutputRedirected));
        output.Flush();
    }

    private int Append(string path, ReadOnlySpan<byte> line) =>
        GuardCalls.AppendTo(path, _setup.GroupReadable ? GroupToo : OwnerOnly, line);
}
