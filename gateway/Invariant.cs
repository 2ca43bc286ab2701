using System.Diagnostics.CodeAnalysis;

namespace Gateway;

/// <summary>Checks of our own reasoning, live in Release: what they find is a bug of the gateway, and the process ends.</summary>
internal static class Invariant
{
    /// <summary>Throws <see cref="InvariantException"/> unless <paramref name="holds"/>.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, string rule)
    {
        if (!holds)
            throw new InvariantException(rule);
    }
}

/// <summary>A broken rule of our own. Nobody catches it to carry on: state that cannot be explained is not written to disk.</summary>
internal sealed class InvariantException(string rule) : Exception($"Broken invariant, a bug of the gateway: {rule}");
