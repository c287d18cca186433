"""`python -m docwitness` is the command `docwitness`."""

from docwitness.cli import main

if __name__ == "__main__":
    main()
