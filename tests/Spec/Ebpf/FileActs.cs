using System.Diagnostics;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Spec.Ebpf;

/// <summary>A private folder, a program that does to files what it is told, and the events that it made.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class FileActs : IDisposable
{
    private readonly Probe _probe = new();
    private readonly string _program;

    public FileActs(bool typed, params IReadOnlyList<Concern> concerns)
    {
        _program = CProgram.Compile("files", _probe.Folder, "-pthread");
        Ring = LiveRing.With(typed, concerns.Count == 0 ? [Concern.File] : concerns);
        ChosenFiles.Write(Ring.Maps, NameInterest.None);
        Folder = Path.Combine(_probe.Folder, "w");
        Directory.CreateDirectory(Folder);
    }

    public LiveRing Ring { get; }

    /// <summary>The working directory of what is run.</summary>
    public string Folder { get; }

    /// <summary>A path below <see cref="Folder"/>.</summary>
    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>Makes a file whose last change is some clock ticks ago.</summary>
    public void Make(string name)
    {
        File.WriteAllText(At(name), "text");
        Run("wait");
    }

    /// <summary>Runs words to their end; returns the file events they made, in order, and what was told.</summary>
    public (List<SeenEvent> Events, string[] Told) Run(params IReadOnlyList<string> words)
    {
        using var process = Process.Start(new ProcessStartInfo(_program, words)
            { WorkingDirectory = Folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var told = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"word {process.ExitCode} of {string.Join(' ', words)}: {error.Result}");
        var exit = Ring.WaitFor("its exit", e => e.Kind == EventKind.ProcessTermination && e.Key.Pid == process.Id)[^1];
        return (Of(exit.Key), told.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The same for words whose events begin with others that are of no interest: those about the folder alone.</summary>
    public List<SeenEvent> Of(ProcessKey key) => Ring.Read(e => e.Key == key && (int)e.Kind is >= 16 and < 32);

    public void Dispose()
    {
        Ring.Dispose();

        // Names that are no UTF-8 and paths beyond the limit are more than Directory.Delete can take.
        using (var remove = Process.Start("rm", ["-rf", Folder])) remove.WaitForExit();
        _probe.Dispose();
    }
}
