namespace Picket.Detection.Events;

/// <summary>
/// The Sigma log source that a record belongs to, as interned numbers (see <see cref="EventRouteTable"/>). A part that is
/// 0 is not known; a rule is asked only when none of its own parts contradicts a known one.
/// </summary>
/// <param name="Product">Interned <c>logsource.product</c>; 0 unknown.</param>
/// <param name="Category">Interned <c>logsource.category</c>; 0 unknown.</param>
/// <param name="Service">Interned <c>logsource.service</c>; 0 unknown.</param>
/// <param name="Writer">A second service that the record belongs to: a line of <c>auth.log</c> is one of <c>auth</c> by its file and one
/// of <c>sshd</c> by the program that wrote it. 0 for none.</param>
public readonly record struct EventRoute(byte Product, byte Category, byte Service, byte Writer = 0)
{
    /// <summary>Nothing is known: every rule is asked.</summary>
    public static EventRoute Any => default;
}
