"""What most people write first: TF-IDF of words and pairs, and logistic regression. It takes the time it takes."""

from __future__ import annotations

from rows import LABEL, Answers, asked, read, show


def main() -> None:
    a = asked()
    rows = read(a.data)

    def fit() -> Answers:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=1000))
        model.fit(rows.train["text"], rows.train[LABEL])
        return lambda test: model.predict(test["text"]).tolist()

    show(rows, fit, ("scikit-learn",))


if __name__ == "__main__":
    main()
