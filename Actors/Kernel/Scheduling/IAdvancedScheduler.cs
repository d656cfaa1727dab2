namespace Picket.Actors;

/// <summary>Messages and actions.</summary>
public interface IAdvancedScheduler : ITellScheduler, IActionScheduler;
