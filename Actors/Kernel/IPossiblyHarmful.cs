namespace Picket.Actors;

/// <summary>A message that should not be taken from untrusted peers.</summary>
public interface IPossiblyHarmful;
