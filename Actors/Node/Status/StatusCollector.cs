using System.Buffers;
using System.Text.Json;
using Picket.Actors;
using Picket.Node.Reloading;
using Picket.Node.Self;
using Picket.Sensors;

namespace Picket.Node.Status;

/// <summary>
/// Asks the actors, reads the counters, and writes one status. Who does not answer in time is said, and waited for no longer.
/// </summary>
internal sealed class StatusCollector(StatusSource source, ActorSystem system)
{
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(1);

    /// <summary>The status of now, as JSON on one line.</summary>
    public async Task<byte[]> CollectAsync(CancellationToken stop)
    {
        var paths = system.Tree().Where(entry => entry.ActorType is not null && entry.Path.Elements is ["user", "node", ..]
            && !entry.Path.Name.StartsWith("p-", StringComparison.Ordinal)).ToList();
        var answers = paths.Select(entry => AskAsync<ActorIdentity>(PathOf(entry.Path), new Identify(null), stop)).ToList();
        var self = AskAsync<SelfSnapshot>("/user/node/self", new TellSelf(), stop);
        var parts = paths.Select(entry => PathOf(entry.Path)).Where(IsSensorPart)
            .Select(path => AskAsync<PartStates>(path, new TellState(), stop)).ToList();
        await Task.WhenAll([.. answers, self, .. parts]);

        var actors = paths.Zip(answers,
            (entry, answer) => new StatusOfActor(PathOf(entry.Path), answer.Result is not null, entry.Restarts));
        var states = parts.SelectMany(part => part.Result?.Parts ?? []).OrderBy(part => part.Name, StringComparer.Ordinal);
        var buffer = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(buffer)) StatusJson.Write(json, source, self.Result, [.. actors], [.. states]);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the rules again, and says what came of it, as JSON on one line.</summary>
    public async Task<byte[]> ReloadAsync(CancellationToken stop)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            try
            {
                var outcome = await system.ActorSelection("/user/node/rules")
                    .Ask<ReloadOutcome>(new ReloadRules("picket reload"), StatusClient.ReloadedWithin, stop);
                RulesJson.Write(json, outcome, source.Book.Now);
            }
            catch (AskTimeoutException)
            {
                json.WriteStartObject();
                json.WriteString("error", "the reload is still under way; 'picket status' says how it ends");
                json.WriteEndObject();
            }
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The sensors' supervisor, the logs, which say what does not answer, and the concerns of the kernel's sensor.</summary>
    private static bool IsSensorPart(string path) => path is "/user/node/sensors" or "/user/node/sensors/logs"
        || (path.StartsWith("/user/node/sensors/ebpf/", StringComparison.Ordinal) && path.Count(letter => letter == '/') == 5);

    private static string PathOf(ActorPath path) => "/" + string.Join('/', path.Elements);

    private async Task<T?> AskAsync<T>(string path, object question, CancellationToken stop)
        where T : class
    {
        try
        {
            return await system.ActorSelection(path).Ask<T>(question, AnsweredWithin, stop);
        }
        catch (Exception e) when (e is AskTimeoutException or TaskCanceledException)
        {
            return null;
        }
    }
}
