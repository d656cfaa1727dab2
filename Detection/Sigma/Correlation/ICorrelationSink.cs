using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>Hears which correlations fire. What it throws is not caught by the engine.</summary>
public interface ICorrelationSink
{
    /// <summary>A correlation fires. Called once for each firing of a rule that alerts.</summary>
    /// <param name="firing">What fired, and of what.</param>
    /// <param name="view">The event that made it fire, lent for the call. With late events it need not be the window's last.</param>
    void OnFired(CorrelationFiring firing, in EventView view);
}
