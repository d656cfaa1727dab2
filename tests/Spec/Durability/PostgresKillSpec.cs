using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Picket.Spec.Live;

namespace Picket.Spec.Durability;

/// <summary>A process that persists over PostgreSQL is killed; and the server goes away under it.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class PostgresKillSpec(ITestOutputHelper output)
{
    private static readonly int Stops = KillRun.Long ? 12 : 4;

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_client_was_killed()
    {
        using var server = PostgresServer.Start();
        var fault = await KillRun.RunAsync(new PostgresTarget(server), output);
        Assert.True(fault is null, fault);
    }

    /// <summary>With time to try again the callers see a delay; with none they see failures, and start again.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(0)]
    public async Task Nothing_is_lost_and_nothing_is_there_twice_when_the_server_is_stopped_and_started_meanwhile(int retrySeconds)
    {
        using var server = PostgresServer.Start();
        var run = new KillRun(new PostgresTarget(server, "--retry-seconds", retrySeconds.ToString(CultureInfo.InvariantCulture)), KillRun.AllEvents, KillRun.Ids, 0, Random.Shared.Next());
        var running = run.RunAsync(TestContext.Current.CancellationToken);
        var waits = new List<string>();
        for (var stop = 1; stop <= Stops; stop++)
        {
            var until = KillRun.AllEvents / (Stops + 1) * stop;
            await UntilAsync(() => running.IsCompleted || run.Ledger.Known >= until, $"{until} events");
            if (running.IsCompleted) break;
            var clock = Stopwatch.StartNew();
            server.Stop(atOnce: stop % 2 == 0);
            var known = run.Ledger.Known;
            server.StartAgain();
            await UntilAsync(() => running.IsCompleted || run.Ledger.Known > known, "an event after the server's start");
            waits.Add($"{clock.Elapsed.TotalSeconds:0.0} s");
        }

        var fault = await running;
        output.WriteLine($"{run}; {waits.Count} stops, from each to the next event: {string.Join(", ", waits)}");
        Assert.True(fault is null, fault);
        Assert.Equal(Stops, waits.Count);
        if (retrySeconds == 0) Assert.True(run.Ledger.Failed >= Stops, $"{run.Ledger.Failed} failures were told");
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(120), $"waited 120 s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
