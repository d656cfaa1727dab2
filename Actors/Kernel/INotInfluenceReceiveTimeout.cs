namespace Picket.Actors;

/// <summary>A message that does not count as activity for the receive time-out.</summary>
public interface INotInfluenceReceiveTimeout;
