namespace Picket.Actors.Event;

/// <summary>A message that nobody needs to hear of when it reaches nobody.</summary>
public interface IDeadLetterSuppression;
