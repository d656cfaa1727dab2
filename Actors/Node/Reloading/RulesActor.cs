using System.Globalization;
using Picket.Actors;
using Picket.Detection.Alerts;
using Picket.Detection.Sigma;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Node.Reloading;

/// <summary>
/// /rules: reads the files of rules again when they change or somebody asks, and brings the new set into force: the sensors are asked for
/// more first, then detection is told, and when all of it has answered the sensors are asked for less. Only one reload is under way.
/// </summary>
internal sealed class RulesActor : UntypedActor, IWithTimers
{
    private const string FilesChanged = "files changed";
    private const int LongestSettle = 5;
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    private readonly RulesState _state;
    private readonly IActorRef _detection;
    private readonly IActorRef _monitor;
    private FolderWatch? _watch;
    private long _touched;

    public RulesActor(RulesState state, IActorRef detection, IActorRef monitor)
    {
        _state = state;
        _detection = detection;
        _monitor = monitor;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var reload = _state.Options.Reload;
        if (reload.Watch)
        {
            var self = Self;
            _watch = new FolderWatch(_state.Options, () => self.Tell(new Touched(), ActorRefs.NoSender));
            foreach (var reason in _watch.Unwatched) _state.Log($"changes of rules are found by looks only: {reason}");
            if (reload.Poll > TimeSpan.Zero) Timers.StartPeriodicTimer(nameof(Poll), new Poll(), reload.Poll, reload.Poll);

            // What changed after the rules were loaded and before they were watched.
            Self.Tell(new Poll(), Self);
        }

        if (_state.Pending is not null) TellDetection();
    }

    protected override void PostStop() => _watch?.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReloadRules asked:
                if (!Sender.IsNobody()) _state.NextAskers.Add(Sender);
                _state.Next = asked.Cause;
                BeginNext();
                break;
            case Touched:
                _watch?.Rearm();
                Settle();
                break;
            case Poll:
                var (stamps, options) = (_state.Stamps, _state.Options);
                _ = Task.Run(() => new Looked(RuleReload.Looks(stamps, options.SigmaRules, options.SigmaLoading.OtherFiles)))
                    .PipeTo(Self, failure: _ => new Looked(true));
                break;
            case Looked { IsChanged: true } when _touched == 0:
                Settle();
                break;
            case Looked:
                break;
            case Settled:
                _touched = 0;
                _state.Next = FilesChanged;
                BeginNext();
                break;
            case RulesBuilt built:
                Take(built);
                break;
            case RulesNotBuilt failed:
                End(new ReloadOutcome(_state.Time.GetUtcNow(), failed.Cause, ReloadResult.Failed, failed.Reason, _state.Book.Now.Kept));
                break;
            case RulesSwapped swapped when _state.Pending is { Swap: { } swap } pending && swapped.Generation == swap.Generation:
                _state.Swapped.Add(swapped.By);
                if (_state.Swapped.Count > swap.Engines.Count) Complete(pending, swap);
                break;
            case RulesSwapped:
                break;
            case Unanswered when _state.Pending is not null:
                TellDetection();
                break;
            case Unanswered:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Waits until nothing changes any more, but not for ever.</summary>
    private void Settle()
    {
        var settle = _state.Options.Reload.Settle;
        if (_touched == 0) _touched = _state.Time.GetTimestamp();
        var left = (settle * LongestSettle) - _state.Time.GetElapsedTime(_touched);
        var wait = left < settle ? left : settle;
        Timers.StartSingleTimer(nameof(Settled), new Settled(), wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
    }

    private void BeginNext()
    {
        if (_state.IsBusy || _state.Next is not { } cause) return;
        _state.IsBusy = true;
        _state.Next = null;
        (_state.Askers, _state.NextAskers) = (_state.NextAskers, []);
        var (state, self, system) = (_state, Self, Context.System);
        _ = Task.Run(() => state.Building.BuildAsync(state.Book.Now, cause, self, system))
            .PipeTo(self, failure: e => new RulesNotBuilt(cause, e.Message));
    }

    private void Take(RulesBuilt built)
    {
        _state.Stamps = built.Reload.Stamps;
        if (built.Swap is null)
        {
            End(new ReloadOutcome(_state.Time.GetUtcNow(), built.Cause, ReloadResult.Unchanged,
                $"the rules are as they were{KeptText(built.Reload)}", built.Reload.Kept));
            return;
        }

        _state.Swapped.Clear();
        _state.Pending = built;
        TellDetection();
    }

    private void TellDetection()
    {
        _detection.Tell(_state.Pending!.Swap!, Self);
        Timers.StartSingleTimer(nameof(Unanswered), new Unanswered(), AskAgain);
    }

    private void Complete(RulesBuilt built, SwapRules swap)
    {
        Timers.Cancel(nameof(Unanswered));
        _state.Pending = null;
        _detection.Tell(new RetireRules(swap.Generation), Self);
        var rules = built.Reload.Rules;
        var errors = rules.Errors.Except(_state.Book.Now.Rules.Errors).ToList();
        foreach (var error in errors) _state.Log(error.ToString());
        var now = _state.Time.GetUtcNow();
        _state.Book.Now = _state.Book.Now with { Rules = rules, Since = now, Generation = swap.Generation };
        try
        {
            _state.Building.Narrow(rules, Context.System);
        }
        catch (BpfException e)
        {
            _state.Log($"the sensors report more than the rules ask for: {e.Message}");
        }

        var files = built.Reload.Files;
        End(new ReloadOutcome(now, built.Cause, ReloadResult.Taken, Say(
            $"{rules.Rules.Count} Sigma rules and {rules.Correlations.Count} correlations are in force; ")
            + Say($"files: {files.Added} new, {files.Changed} changed, {files.Removed} removed{KeptText(built.Reload)}"),
            built.Reload.Kept));
    }

    private void End(ReloadOutcome outcome)
    {
        var before = _state.Book.Now;
        _state.Book.Now = before with
        {
            Kept = outcome.Kept, Last = outcome, Failures = before.Failures + (outcome.Result == ReloadResult.Failed ? 1 : 0),
        };
        var fresh = outcome.Kept.Where(kept =>
            !before.Kept.Any(known => known.File == kept.File && known.Errors.SequenceEqual(kept.Errors)));
        foreach (var kept in fresh) SayKept(kept);
        var isRepeated = before.Last is { } last && last.Result == outcome.Result && last.Message == outcome.Message;
        var isNews = outcome.Result == ReloadResult.Taken || (outcome.Result == ReloadResult.Failed && !isRepeated);

        // A folder that stays away is found at every look.
        if (isNews || outcome.Cause != FilesChanged) _state.Log($"{Title(outcome.Result)} ({outcome.Cause}): {outcome.Message}");
        if (isNews)
        {
            var isFailed = outcome.Result == ReloadResult.Failed;
            _monitor.Tell(new Notice(isFailed ? "rules-not-reloaded" : "rules-reloaded", Title(outcome.Result),
                isFailed ? AlertLevel.Medium : AlertLevel.Informational, $"{Title(outcome.Result)} ({outcome.Cause}): {outcome.Message}",
                [new("cause", outcome.Cause), new("rules", _state.Book.Now.Rules.Rules.Count),
                    new("generation", _state.Book.Now.Generation)]), Self);
        }

        foreach (var asker in _state.Askers) asker.Tell(outcome, Self);
        _state.Askers = [];
        _state.IsBusy = false;
        BeginNext();
    }

    private void SayKept(KeptFile kept)
    {
        foreach (var error in kept.Errors) _state.Log(error.ToString());
        _state.Log($"{kept.File} has errors now and stays in force as it was loaded before");
        var first = kept.Errors[0];
        _monitor.Tell(new Notice("rules-kept", "A file of rules has errors and stays as it was", AlertLevel.Medium,
            $"{first}; the file stays in force as it was loaded before",
            [new("file", kept.File), new("line", first.Line), new("column", first.Column), new("code", first.Code)]), Self);
    }

    private static string Title(ReloadResult result) => result switch
    {
        ReloadResult.Taken => "The rules were reloaded",
        ReloadResult.Unchanged => "The rules were read again",
        _ => "The rules could not be reloaded and stay as they are",
    };

    private static string KeptText(RuleReload reload) =>
        reload.Kept.Count == 0 ? "" : Say($"; {reload.Kept.Count} with errors stay as they were");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Touched;

    private sealed record Poll;

    private sealed record Looked(bool IsChanged);

    private sealed record Settled;

    private sealed record Unanswered;
}
