using Picket.Actors;
using Picket.Detection.Sigma;
using Picket.Node.Options;
using Picket.Sensors.Ebpf.Native;

namespace Picket.Node.Reloading;

/// <summary>Makes a new set of rules ready, beside the actors that decide by the old one.</summary>
internal sealed class RuleBuilding(NodeOptions options, SensorInterest interest, TimeProvider time)
{
    /// <summary>Reads the files, compiles what is new, and asks the sensors for it.</summary>
    /// <param name="now">What is in force.</param>
    /// <param name="cause">Who asks for it.</param>
    /// <param name="asker">Gets the answers of those that swap.</param>
    /// <param name="system">The actors.</param>
    /// <returns><see cref="RulesBuilt"/> or <see cref="RulesNotBuilt"/>.</returns>
    public async Task<object> BuildAsync(RuleStanding now, string cause, IActorRef asker, ActorSystem system)
    {
        try
        {
            var reload = RuleReload.Read(now.Rules, options.SigmaRules, options.SigmaLoading);
            if (!reload.IsChanged) return new RulesBuilt(cause, reload, null, interest.Of(now.Rules));
            var rules = reload.Rules;
            var engine = SigmaEngine.Build(rules.Rules, options.SigmaEngine with { Clock = time });
            var engines = Enumerable.Range(0, options.Shards).Select(_ => engine.Share()).ToArray();
            var asked = interest.Of(rules);
            await WidenAsync(now.Rules, rules, system);
            return new RulesBuilt(cause, reload, new SwapRules(now.Generation + 1, engines, rules.Correlations, asker), asked);
        }
        catch (Exception e) when (e is RuleReloadException or IOException or UnauthorizedAccessException or BpfException)
        {
            return new RulesNotBuilt(cause, e.Message);
        }
    }

    /// <summary>Asks for what the set in force wants alone.</summary>
    public void Narrow(SigmaRuleSet rules, ActorSystem system) => interest.Narrow(interest.Of(rules), IsByHashes(rules), system);

    private async Task WidenAsync(SigmaRuleSet now, SigmaRuleSet next, ActorSystem system)
    {
        try
        {
            await interest.WidenAsync(interest.Of(now), interest.Of(next), IsByHashes(next), system);
        }
        catch (BpfException)
        {
            interest.Narrow(interest.Of(now), IsByHashes(now), system);
            throw;
        }
    }

    private static bool IsByHashes(SigmaRuleSet rules) => rules.Rules.Any(rule => rule.IsByHashes);
}
