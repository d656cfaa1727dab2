namespace Picket.Actors;

/// <summary>A behaviour: handles a message or says that it did not (false), which makes it an unhandled message.</summary>
public delegate bool Receive(object message);
