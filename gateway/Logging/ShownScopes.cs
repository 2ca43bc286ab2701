using System.Collections;
using Microsoft.Extensions.Logging;

namespace Gateway.Logging;

/// <summary>The scopes of a log line, which may hold the path of a request, without control characters.</summary>
internal sealed class ShownScopes(IExternalScopeProvider inner) : IExternalScopeProvider
{
    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
        inner.ForEachScope((scope, given) => callback(Shown(scope), given), state);

    public IDisposable Push(object? state) => inner.Push(state);

    /// <summary>A formatter writes the members of a scope that has some, and any other as text.</summary>
    private static object? Shown(object? scope) => scope is IEnumerable<KeyValuePair<string, object?>> members
        ? new Members(ForeignText.Plain(scope.ToString()), members) : ForeignText.Plain(scope?.ToString());

    private sealed class Members(string text, IEnumerable<KeyValuePair<string, object?>> members)
        : IEnumerable<KeyValuePair<string, object?>>
    {
        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => members.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => text;
    }
}
