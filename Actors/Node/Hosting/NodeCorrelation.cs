using Picket.Actors;
using Picket.Detection.Context;
using Picket.Detection.Events.Journal;
using Picket.Detection.Sharding;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Correlation;
using Picket.Node.Options;

namespace Picket.Node.Hosting;

/// <summary>The correlations of a node, with what an earlier run left of them in the data folder.</summary>
internal static class NodeCorrelation
{
    private const string FileName = "correlation.state";

    /// <summary>Their state. It is there without any rule as well, since a reload may bring one.</summary>
    public static CorrelationState Of(SigmaRuleSet rules, NodeOptions options, CorrelationJournal journal, AlertDelivery delivery,
        ProcessStories stories, TimeProvider time)
    {
        var file = new CorrelationFile(DiskFileSpace.Instance, Path.Combine(options.DataDirectory, FileName));
        return new CorrelationState(rules.Correlations, options.Correlation, file, journal, delivery.Knows, delivery.Builder, stories, time)
        {
            SaveInterval = options.CorrelationSaveInterval,
        };
    }

    /// <summary>The recipe of /detection.</summary>
    /// <param name="state">The correlations.</param>
    /// <param name="shards">The shards' recipes, given the correlations.</param>
    /// <param name="sources">How many shards tell the correlations of matches.</param>
    /// <param name="alerts">Gets the alerts.</param>
    /// <param name="monitor">Gets the ledger's reports.</param>
    public static Props Detection(CorrelationState state, Func<IActorRef, IReadOnlyList<Props>> shards, int sources, IActorRef alerts,
        IActorRef monitor)
    {
        var correlation = Props.CreateFrom(() => new CorrelationActor(state, sources, alerts, monitor));
        return Props.CreateFrom(() => new DetectionActor(shards, correlation));
    }
}
