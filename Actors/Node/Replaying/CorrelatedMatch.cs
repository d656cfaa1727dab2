using Picket.Detection.Alerts;
using Picket.Detection.Sigma;

namespace Picket.Node.Replaying;

/// <summary>A match that correlations must hear of.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Record">The record's place in its batch.</param>
/// <param name="Id">The event's id.</param>
/// <param name="AlertsBefore">How many alerts of the batch come before those that it leads to.</param>
internal sealed record CorrelatedMatch(SigmaRule Rule, int Record, StableId Id, int AlertsBefore);
