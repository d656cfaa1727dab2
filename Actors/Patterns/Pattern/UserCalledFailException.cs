namespace Picket.Actors.Pattern;

/// <summary><see cref="CircuitBreaker.Fail"/> was called.</summary>
public sealed class UserCalledFailException() : AkkaException("the user called Fail");
