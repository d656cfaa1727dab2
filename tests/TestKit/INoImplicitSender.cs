namespace Picket.Actors.TestKit;

/// <summary>A test class whose Tell without a sender has no sender, not the test actor.</summary>
public interface INoImplicitSender;
