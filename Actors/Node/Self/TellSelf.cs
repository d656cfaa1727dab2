namespace Picket.Node.Self;

/// <summary>To /self: answer with a <see cref="SelfSnapshot"/>.</summary>
internal sealed record TellSelf;
