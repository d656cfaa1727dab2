using System.Collections.Concurrent;
using System.Text;
using Picket.Detection.Alerts.Outbox;
using Picket.Detection.Alerts.Sinks;

namespace Picket.Spec.Alerts;

/// <summary>Keeps the readable lines it was given; throws, or holds back, as long as a test wants it to.</summary>
internal sealed class RecordingSink : IAlertSink
{
    internal ConcurrentQueue<string> Texts { get; } = new();

    internal int ThrowNext { get; set; }

    internal bool Hold { get; set; }

    public SinkResult Write(OutboxEntry entry)
    {
        if (Hold) return SinkResult.HeldBack;
        if (ThrowNext > 0)
        {
            ThrowNext--;
            throw new IOException("the sink fails as it was told");
        }

        Texts.Enqueue(Encoding.UTF8.GetString(entry.Text));
        return SinkResult.Written;
    }
}
