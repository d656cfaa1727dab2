using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>An atom that is marked when a literal was found or a question is asked.</summary>
/// <param name="Atom">The atom's number.</param>
/// <param name="Matcher">What has to agree as far as it can tell; null when the literal alone decides.</param>
internal readonly record struct MarkTarget(int Atom, ValueMatcher? Matcher);
