using Picket.Actors;
using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Node.Hosting;
using Picket.Node.Options;
using Picket.Sensors.Ebpf;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Node.Reloading;

/// <summary>
/// What is asked of the sensors, and passed on by the context stage: widened before other rules are asked, narrowed after.
/// </summary>
internal sealed class SensorInterest(NodeOptions options, ContextState context, EbpfSensor? sensor)
{
    private static readonly TimeSpan CallsWithin = TimeSpan.FromSeconds(5);

    /// <summary>What a set of rules, and the export, ask for.</summary>
    public EventInterest Of(SigmaRuleSet rules) => EventExport.AddTo(RuleLoading.InterestOf(rules), options.Export);

    /// <summary>
    /// Asks for what the rules in force want and those of another set. When it is done the sensors report it, as far as they are at work.
    /// </summary>
    /// <param name="now">What is asked for.</param>
    /// <param name="next">What the other set asks for.</param>
    /// <param name="byHashes">Whether one of its rules waits for hashes.</param>
    /// <param name="system">The sensors' actors.</param>
    /// <exception cref="Picket.Sensors.Ebpf.Native.BpfException">The kernel refuses.</exception>
    public async Task WidenAsync(EventInterest now, EventInterest next, bool byHashes, ActorSystem system)
    {
        var both = now.With(next);
        context.Interest = both;
        if (context.Hashes is { } hashes && byHashes) hashes.RulesAsk = true;
        if (!Ask(both)) return;
        try
        {
            await system.ActorSelection(CollectorOfCalls).Ask<CallsTaken>(new TakeCalls(), CallsWithin);
        }
        catch (AskTimeoutException)
        {
            // The collector is not at work, or hangs: when it begins anew it reads what is asked.
        }
    }

    /// <summary>Asks for what the rules in force want, and no more.</summary>
    /// <exception cref="Picket.Sensors.Ebpf.Native.BpfException">The kernel refuses; then more is reported than is asked.</exception>
    public void Narrow(EventInterest now, bool byHashes, ActorSystem system)
    {
        if (Ask(now)) system.ActorSelection(CollectorOfCalls).Tell(new TakeCalls(), ActorRefs.NoSender);
        context.Interest = now;
        if (context.Hashes is { } hashes) hashes.RulesAsk = byHashes;
    }

    private static string CollectorOfCalls => $"/user/node/sensors/ebpf/{ProgramSet.NameOf(Concern.Privilege)}";

    /// <summary>Tells the kernel's programs; true when other system calls have to be looked at, which is their owner's work.</summary>
    private bool Ask(EventInterest interest)
    {
        if (sensor is null) return false;
        var before = sensor.Maps.AskedCalls.ToHashSet();
        sensor.Ask(interest, options.AuditRules);
        return !before.SetEquals(sensor.Maps.AskedCalls) && sensor.Collectors.Any(state => state.Concern == Concern.Privilege);
    }
}
