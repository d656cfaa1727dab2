namespace Picket.Detection.Sigma.Classes;

/// <summary>What follows from the classes of an event's values: rules that match, and rules that have to be asked.</summary>
/// <param name="Start">Where the rules lie in <see cref="DecisionMemo.Rules"/>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Candidates">How many rules the index offered.</param>
internal readonly record struct Decision(int Start, int Count, int Candidates);
