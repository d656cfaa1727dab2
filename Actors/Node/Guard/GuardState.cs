namespace Picket.Node.Guard;

/// <summary>The guard, which outlives restarts of the actor that feeds it; owned by the composition root.</summary>
/// <param name="setup">What a guard is told.</param>
/// <param name="program">The program; null where there is none to start, or no system that it could watch.</param>
/// <param name="time">The clock.</param>
/// <param name="expected">Told before a guard is started, by the thread that starts it: what others do to it is seen from then on.</param>
/// <param name="known">Told which process is the guard, 0 for none, also when a start failed.</param>
internal sealed class GuardState(GuardSetup setup, string? program, TimeProvider time, Action expected, Action<int> known)
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(1);

    private volatile GuardReport _report = new("waiting", 0, 0, "it is being started");

    /// <summary>What a guard is told.</summary>
    public GuardSetup Setup { get; } = setup;

    /// <summary>The program; null where there is none to start.</summary>
    public string? Program { get; } = program;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The guard at work; null while there is none.</summary>
    public GuardChild? Child
    {
        get;
        set
        {
            field = value;
            known(value?.Pid ?? 0);
        }
    }

    /// <summary>Says that this thread starts a guard now; <see cref="Child"/> is set after it, to null where none came of it.</summary>
    public void Expect() => expected();

    /// <summary>Ends and failed starts in a row.</summary>
    public int Failures { get; set; }

    /// <summary>How often one ended that should not have.</summary>
    public long Ended { get; set; }

    /// <summary>At how many beats in a row it had not read all.</summary>
    public int Behind { get; set; }

    /// <summary>Why the guard at work is about to be ended by the node itself; empty when it is not.</summary>
    public string Fault { get; set; } = "";

    /// <summary>How it is; any thread may ask.</summary>
    public GuardReport Report
    {
        get => _report;
        set => _report = value;
    }

    /// <summary>The program that is the guard: this one, where the host has what it watches.</summary>
    public static string? FindProgram()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "picket");
        return OperatingSystem.IsLinux() && File.Exists("/proc/self/stat") && File.Exists(program) ? program : null;
    }

    /// <summary>Lets a guard that was told goodbye end, so that none is left when the node is gone.</summary>
    public async Task EndAsync()
    {
        if (Child is not { } child) return;
        if (!await child.EndsWithinAsync(EndsWithin)) child.Kill();
        child.Dispose();
        Child = null;
    }
}
