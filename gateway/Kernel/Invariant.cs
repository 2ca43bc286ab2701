using System.Diagnostics.CodeAnalysis;

namespace Gateway.Kernel;

/// <summary>
/// Checks of our own reasoning, live in Release. A violation is a bug in this program and ends the process, because continuing could break
/// a promise.
/// </summary>
internal static class Invariant
{
    public static void Require([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds) throw new InvariantException(what);
    }
}

/// <summary>A bug in the gateway itself; never caught.</summary>
internal sealed class InvariantException(string what)
    : Exception($"Broken invariant: {what}. This is a bug in the gateway; please report it with the log.");
