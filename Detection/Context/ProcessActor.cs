using System.Globalization;
using Picket.Actors;
using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>
/// /context/p-PID-START: one per process, the home of its story. Told of execs, matches and the end, never of each event.
/// It stops when its process has ended; after a match it lingers, so that who looks at the alert finds it.
/// </summary>
internal sealed class ProcessActor : UntypedActor, IWithTimers
{
    /// <summary>Steps of the story that are kept; the newest win.</summary>
    public const int MaxSteps = 32;

    private readonly ContextOptions _options;
    private readonly List<ProcessStep> _story = [];
    private ProcessContext _context;
    private bool _matched;

    public ProcessActor(ProcessContext context, ContextOptions options)
    {
        _context = context;
        _options = options;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Reads the key out of an actor's name.</summary>
    public static bool TryParseName(ReadOnlySpan<char> name, out ProcessKey key)
    {
        key = default;
        if (!name.StartsWith("p-")) return false;
        name = name[2..];
        var dash = name.IndexOf('-');
        if (dash < 0 || !int.TryParse(name[..dash], CultureInfo.InvariantCulture, out var pid)
            || !ulong.TryParse(name[(dash + 1)..], CultureInfo.InvariantCulture, out var start))
        {
            return false;
        }

        key = new ProcessKey(start, pid);
        return true;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ProcessExecuted executed:
                _context = executed.Context;
                Add(new ProcessStep(_context.Program.ExecutedNs, _context.ToString()));
                break;
            case ProcessChanged changed:
                _context = changed.Context;
                break;
            case ProcessMatched matched:
                _matched = true;
                Add(new ProcessStep(matched.TimeNs, $"matched {matched.RuleName} ({matched.RuleId}), alert {matched.AlertId}"));
                break;
            case ProcessEnded when _matched:
                Timers.StartSingleTimer(nameof(ProcessEnded), PoisonPill.Instance, _options.StoryLinger);
                break;
            case ProcessEnded:
                Context.Stop(Self);
                break;
            case TellStory:
                Sender.Tell(new ProcessStory(_context, [.. _story]), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Add(ProcessStep step)
    {
        if (_story.Count == MaxSteps) _story.RemoveAt(0);
        _story.Add(step);
    }
}
