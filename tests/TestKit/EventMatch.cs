namespace Picket.Actors.TestKit;

/// <summary>One kind of event that a filter takes.</summary>
/// <param name="Name">For failures.</param>
/// <param name="Takes">Whether an event of the stream is one.</param>
internal sealed record EventMatch(string Name, Predicate<object> Takes);
