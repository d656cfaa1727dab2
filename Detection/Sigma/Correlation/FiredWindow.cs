using Picket.Detection.Alerts;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>A window that a rule fired for, as the journal has it: all of a <see cref="CorrelationFiring"/> but its group.</summary>
/// <param name="Id">The id of the alert.</param>
/// <param name="Events">The ids of what made it fire.</param>
/// <param name="FromNs">The time of the first of them.</param>
/// <param name="ToNs">The window's end.</param>
/// <param name="Count">Matches in the window.</param>
/// <param name="Value">What the condition compared.</param>
/// <param name="Alerts">Whether the rule alerts.</param>
/// <param name="LeadsOn">Whether other correlations hear of it.</param>
internal sealed record FiredWindow(
    StableId Id, IReadOnlyList<StableId> Events, long FromNs, long ToNs, int Count, double Value, bool Alerts, bool LeadsOn);
