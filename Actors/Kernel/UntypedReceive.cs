namespace Picket.Actors;

/// <summary>A behaviour of an untyped actor; what it does not want it gives to Unhandled.</summary>
public delegate void UntypedReceive(object message);
