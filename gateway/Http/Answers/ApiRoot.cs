namespace Gateway.Http.Answers;

/// <summary>The place of the operators' API below the address of HTTP.</summary>
internal static class ApiRoot
{
    public const string Path = "/api/v1";
}
