using System.CommandLine;
using System.CommandLine.Invocation;

namespace Picket.Node.CommandLine;

/// <summary><c>picket --version</c> says what <c>picket version</c> says.</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult) => VersionCommand.Print();
}
