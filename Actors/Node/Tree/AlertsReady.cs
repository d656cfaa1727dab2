using Picket.Actors;

namespace Picket.Node.Tree;

/// <summary>To /self: where notices go.</summary>
internal sealed record AlertsReady(IActorRef Alerts);
