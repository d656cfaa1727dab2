namespace Picket.Detection.Events;

/// <summary>
/// The Sigma log source that a record belongs to, as interned numbers (see <see cref="EventRouteTable"/>). A part that is
/// 0 is not known; a rule is asked only when none of its own parts contradicts a known one.
/// </summary>
/// <param name="Product">Interned <c>logsource.product</c>; 0 unknown.</param>
/// <param name="Category">Interned <c>logsource.category</c>; 0 unknown.</param>
/// <param name="Service">Interned <c>logsource.service</c>; 0 unknown.</param>
public readonly record struct EventRoute(byte Product, byte Category, byte Service)
{
    /// <summary>Nothing is known: every rule is asked.</summary>
    public static EventRoute Any => default;
}
