namespace Web;

/// <summary>What a customer posts: <c>{"customer":"Ada","pieces":3}</c>.</summary>
internal sealed record NewOrder(string Customer, int Pieces);
