namespace Gateway.Client.Compatibility;

/// <summary>The lock object that .NET 9 brought; here the statement <c>lock</c> takes it like any other object.</summary>
internal sealed class Lock;
