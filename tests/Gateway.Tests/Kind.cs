namespace Gateway.Tests;

/// <summary>Why a test is no part of the fast loop; the value of its trait Kind. A test of the fast loop has none.</summary>
public enum Kind
{
    /// <summary>It starts processes.</summary>
    Process,

    /// <summary>It drives a browser.</summary>
    Browser,

    /// <summary>It starts the HTTP API, which takes a second of processor time.</summary>
    Http,

    /// <summary>It takes seconds by itself: many seeds, each byte, each crash point, or a time limit that has to pass.</summary>
    Slow,
}
