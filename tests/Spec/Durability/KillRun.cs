using System.Diagnostics;
using System.Globalization;
using Picket.Persister;

namespace Picket.Spec.Durability;

/// <summary>
/// Starts the persisting program, kills it when a random number of events is there, or at a random moment of its start, and starts its
/// successor, until all events are there. The ledger checks what each of them tells.
/// </summary>
internal sealed class KillRun(IKillTarget target, int events, int ids, int kills, int seed)
{
    /// <summary>How many persistence ids, events of all, and kills: as many as the long form of the tests has, or a few.</summary>
    public const int Ids = 16;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Picket.Persister");
    private readonly Random _random = new(seed);
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public static int AllEvents => Long ? 100_000 : 16_000;

    public static int ManyKills => Long ? 50 : 8;

    public static bool Long { get; } = Environment.GetEnvironmentVariable("PICKET_LONG") == "1";

    public Ledger Ledger { get; } = new(ids, target.MayFail);

    /// <summary>How many were killed while they still read what their predecessors left.</summary>
    public int KilledInRecovery { get; private set; }

    /// <summary>Runs to the end.</summary>
    /// <returns>The first thing that is wrong; null for nothing.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var moments = Enumerable.Range(0, kills).Select(_ => _random.Next(events)).Order().ToList();
        for (var run = 1; run <= kills; run++)
        {
            if (await RunOnceAsync(run, moments[run - 1], cancellationToken) is { } fault) return $"{fault} (run {run}, seed {seed})";
            target.AfterEnd();
        }

        // To the end, and once more over what is whole.
        for (var run = kills + 1; run <= kills + 2; run++)
        {
            if (await RunOnceAsync(run, int.MaxValue, cancellationToken) is { } fault) return $"{fault} (run {run}, seed {seed})";
            target.AfterEnd();
        }

        return Enumerable.Range(0, ids).All(id => Ledger.CountOf(id) == events / ids) ? null : $"{Ledger.Known} of {events} events are there";
    }

    /// <summary>Runs to the end with many kills and says how it went.</summary>
    public static async Task<string?> RunAsync(IKillTarget target, ITestOutputHelper output)
    {
        var run = new KillRun(target, AllEvents, Ids, ManyKills, Random.Shared.Next());
        var fault = await run.RunAsync(TestContext.Current.CancellationToken);
        output.WriteLine(run.ToString());
        return fault;
    }

    /// <summary>A line for the person who looks on.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"seed {seed}: {kills} kills ({KilledInRecovery} before the first new event), {Ledger.Acknowledged} of {Ledger.Known} events acknowledged, "
        + $"{Ledger.Unheard} there unheard, {Ledger.Saved} snapshots saved, {Ledger.Offered} offered, {Ledger.Failed} failures told, {_clock.Elapsed.TotalSeconds:0.0} s");

    private async Task<string?> RunOnceAsync(int run, int killAt, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program,
        [
            .. target.Arguments, "--events", (events / ids).ToString(CultureInfo.InvariantCulture), "--ids", ids.ToString(CultureInfo.InvariantCulture),
            "--run", run.ToString(CultureInfo.InvariantCulture),
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        target.Prepare(start, run);
        Ledger.Start();
        var before = Ledger.Acknowledged;
        using var process = Process.Start(start)!;
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        watch.CancelAfter(Limit);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        // Every fifth is killed by the clock, which mostly finds it starting or recovering.
        var early = killAt < int.MaxValue && run % 5 == 0 ? _random.Next(50, 600) : 0;
        using var timer = early == 0 ? null : new Timer(_ => Kill(process), null, early, Timeout.Infinite);
        string? fault = null;
        var complete = false;
        try
        {
            await foreach (var frame in FramesAsync(process.StandardOutput.BaseStream, watch.Token))
            {
                fault ??= Ledger.Take(frame);
                complete |= frame.Kind == Kind.Complete;
                if (fault is not null || Ledger.Known >= killAt && frame.Kind is Kind.Acknowledged or Kind.Replayed or Kind.Stored && _random.Next(8) == 0) Kill(process);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            fault ??= $"not done within {Limit.TotalSeconds} s";
            Kill(process);
        }

        await process.WaitForExitAsync(cancellationToken);
        if (Ledger.Acknowledged == before && !complete) KilledInRecovery++;
        if (fault is not null) return $"{fault}\n{await error}";
        var killed = process.ExitCode == 128 + 9;
        return killed && killAt < int.MaxValue || process.ExitCode == 0 && complete ? null : $"the program ended with {process.ExitCode}\n{await error}";
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was done before.
        }
    }

    private static async IAsyncEnumerable<Frame> FramesAsync(Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bytes = new byte[64 * 1024];
        var have = 0;
        while (await stream.ReadAsync(bytes.AsMemory(have), cancellationToken) is var read and > 0)
        {
            have += read;
            var at = 0;
            for (; at + Frame.Length <= have; at += Frame.Length) yield return Frame.Read(bytes.AsSpan(at));
            bytes.AsSpan(at, have - at).CopyTo(bytes);
            have -= at;
        }
    }
}
